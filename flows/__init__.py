"""Moves: the only room that knows Prefect, the network, files and the command line."""
