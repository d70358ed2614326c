"""What goes wrong with what an operator has set."""


class SettingsError(Exception):
    """A setting or the feeds file is wrong. The text is one line: which one, and what to do; never a secret."""
