"""Signed as the Standard Webhooks specification says."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from checkin.webhooks.signature import secret_of, signed


def test_the_example_of_the_specification_comes_out() -> None:
    """From its reference libraries' tests: secret, id, timestamp and body as they publish them."""
    headers = signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    } == headers


def test_a_secret_has_256_bits_and_is_of_this_installation_and_this_webhook() -> None:
    one = secret_of("a secret of the tests, 32 letters", "salt")
    assert 32 == len(base64.b64decode(one.removeprefix("whsec_")))
    assert one == secret_of("a secret of the tests, 32 letters", "salt")
    assert one not in {secret_of("a secret of the tests, 32 letters", "pepper"), secret_of("another secret", "salt")}
