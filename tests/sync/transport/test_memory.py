from sync.transport import Call, Reply
from sync.transport.memory import Memory


def test_calls_go_to_the_function() -> None:
    line = Memory(lambda call: Reply(status=200, body=call.body + b"!"))
    assert line.carry(Call(method="POST", path="/", body=b"hello")).body == b"hello!"
    line.close()
