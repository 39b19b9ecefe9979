"""Where an invited person goes."""

from __future__ import annotations


def invitation_link(public_url: str, code: str) -> str:
    """The whole link for an invitation's code, to hand to the invited person alone."""
    return f"{public_url.rstrip('/')}/invitation/{code}"
