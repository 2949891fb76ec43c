from datetime import timedelta

import msgspec
import pytest

from fieldapp import clock
from sync import wire
from sync.headquarters import admission, store
from sync.headquarters.office import Office
from sync.wire import SessionRequest
from tests.support.headquarters import Chain


def signed(chain: Chain, nonce: bytes) -> SessionRequest:
    signature = chain.key.sign(wire.session_preimage(chain.device, nonce))
    return SessionRequest(device=chain.device, nonce=nonce, signature=signature)


def nonce_for(at: Office, chain: Chain) -> bytes:
    return admission.admit(at, SessionRequest(device=chain.device)).nonce


def test_a_signed_challenge_opens_a_session(at: Office) -> None:
    chain = Chain(at)
    token = admission.admit(at, signed(chain, nonce_for(at, chain))).token
    with store.reading(at.engine) as connection:
        assert admission.holder(at, connection, token)["id"] == chain.device.hex()


def test_a_challenge_opens_one_session(at: Office) -> None:
    chain = Chain(at)
    asked = signed(chain, nonce_for(at, chain))
    admission.admit(at, asked)
    with pytest.raises(wire.SessionRefused):
        admission.admit(at, asked)


def test_a_nonce_that_this_server_did_not_make_is_refused(at: Office) -> None:
    chain, other = Chain(at), Chain(at, name="S. Rao")
    for nonce in (bytes(32), b"", nonce_for(at, other)):
        with pytest.raises((wire.SessionRefused, AssertionError)):
            assert not admission.admit(at, signed(chain, nonce)).nonce


def test_a_nonce_runs_out(at: Office) -> None:
    chain = Chain(at)
    asked = signed(chain, nonce_for(at, chain))
    late = msgspec.structs.replace(at, clock=lambda: clock.now() + timedelta(seconds=wire.NONCE_SECONDS + 2))
    with pytest.raises(wire.SessionRefused):
        admission.admit(late, asked)


def test_a_foreign_signature_and_an_unknown_vault_are_refused(at: Office) -> None:
    chain, stranger = Chain(at), Chain(at, enrol=False)
    forged = msgspec.structs.replace(signed(stranger, nonce_for(at, chain)), device=chain.device)
    for asked in (forged, signed(stranger, nonce_for(at, stranger))):
        with pytest.raises((wire.DeviceUnknown, wire.SessionRefused)):
            admission.admit(at, asked)


def test_a_token_runs_out_and_a_made_up_one_never_holds(at: Office) -> None:
    chain = Chain(at)
    token = chain.session()
    late = msgspec.structs.replace(at, clock=lambda: clock.now() + timedelta(seconds=wire.TOKEN_SECONDS + 2))
    with store.reading(at.engine) as connection:
        for office, held in ((late, token), (at, "made up"), (at, "")):
            with pytest.raises(wire.SessionRefused):
                admission.holder(office, connection, held)
