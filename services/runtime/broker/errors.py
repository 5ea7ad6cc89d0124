"""The one error of the embedded broker."""


class BrokerError(Exception):
    """The embedded broker cannot be had. The message says why and what to do: show it as it is, without a traceback."""
