"""Under which address a tablet reaches this server."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(address: str) -> bool:
    """Whether only the server's own machine understands this address."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def base_for_tablets(public_url: str, asked: str) -> str:
    """The address for a pairing link; `asked`: scheme and host that the organiser's own browser used.

    The host that works for the organiser works in the hall, so it wins over the event file's. The event file's wins
    when both name the same host (it knows of TLS before this server), and when the organiser sits at the server itself.
    """
    same_host = urlsplit(public_url).netloc == urlsplit(asked).netloc
    if same_host or (is_loopback(asked) and not is_loopback(public_url)):
        return public_url.rstrip("/")
    return asked.rstrip("/")
