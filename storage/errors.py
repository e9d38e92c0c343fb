"""What goes wrong with a warehouse."""


class WarehouseError(Exception):
    """The warehouse cannot be used as it is; the message says why and what to do."""


class NoWarehouse(WarehouseError):
    """There is none yet."""
