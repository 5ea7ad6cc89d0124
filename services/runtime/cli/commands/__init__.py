"""One file a command: what it is asked, what it calls, how it ends."""
