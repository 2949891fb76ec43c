from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.actions import provisioning
from fieldapp.enrolment import Request, invitation_text, request_mac
from sync import identity, wire
from tests.support.vaults import Headquarters, new_vault

SECRET = "0f" * 16
REQUEST = Request(invitation="i-1", device=bytes(16), public=bytes(32), recipient="age1x")


def made(**changes: Any) -> Request:
    bare = msgspec.structs.replace(REQUEST, **changes)
    return msgspec.structs.replace(bare, mac=request_mac(bare, SECRET))


def test_a_request_made_with_the_secret_is_known() -> None:
    assert identity.check_request(made(), SECRET)


@pytest.mark.parametrize(
    "change",
    [{"device": bytes([1]) * 16}, {"public": bytes([1]) * 32}, {"invitation": "i-2"}, {"recipient": "age1y"}],
)
def test_a_request_changed_on_its_way_is_not(change: dict[str, Any]) -> None:
    assert not identity.check_request(msgspec.structs.replace(made(), **change), SECRET)


def test_a_request_made_with_another_secret_is_not() -> None:
    assert not identity.check_request(made(), "aa" * 16)


def test_the_request_a_vault_makes_is_the_one_headquarters_checks(tmp_path: Any) -> None:
    vault, invited = new_vault(tmp_path), Headquarters().invitation(secret=SECRET)
    asked = provisioning.PrepareEnrolment(text=invitation_text(invited))
    assert identity.check_request(provisioning.prepare_enrolment(vault, asked).request, SECRET)
    vault.close()


def test_a_session_is_opened_by_the_vaults_signature_and_no_other() -> None:
    key, nonce, device = Ed25519PrivateKey.generate(), bytes(32), bytes(16)
    public = key.public_key().public_bytes_raw()
    signature = key.sign(wire.session_preimage(device, nonce))
    assert identity.check_session(public, device, nonce, signature)
    assert not identity.check_session(public, bytes([1]) * 16, nonce, signature)
    assert not identity.check_session(public, device, bytes([1]) * 32, signature)
    assert not identity.check_session(bytes(32), device, nonce, signature)
    assert not identity.check_session(public, device, nonce, b"")
