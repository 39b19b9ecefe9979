"""The pairing link: its code stands behind `#`, which browsers never send and servers never log."""


def pairing_link(base: str, code: str) -> str:
    """What the tablet opens."""
    return f"{base.rstrip('/')}/gate/#pair={code}"
