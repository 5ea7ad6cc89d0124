"""What the services run on: settings, the embedded broker, partition processors, the command line."""
