"""The error whose message is meant for the person at the keyboard."""


class UserError(Exception):
    """Something the user can mend; the command prints its message without a traceback and exits with 1."""
