"""Sight: the log, request ids, metrics, slow statements, and whether this process can do its work."""
