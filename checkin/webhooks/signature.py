"""How a message is signed, so that its receiver knows who sent it: as the Standard Webhooks specification says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"


def secret_of(secret_key: str, salt: str) -> str:
    """The secret of a webhook: derived, so that a copy of the database alone signs nothing."""
    derived = hmac.digest(secret_key.encode(), b"webhook-v1\0" + salt.encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(derived).decode()


def signed(secret: str, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message that is sent at this moment."""
    seconds = str(int(at.timestamp()))
    content = b".".join((message.encode(), seconds.encode(), body))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {"webhook-id": message, "webhook-timestamp": seconds, "webhook-signature": f"v1,{signature}"}
