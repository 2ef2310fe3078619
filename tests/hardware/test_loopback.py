"""The port of a far end that plays dead."""

import errno
import socket

import pytest

from hardware.loopback import HOST, kept_port


def test_a_kept_port_refuses_is_given_to_nobody_and_can_be_listened_on_again() -> None:
    with kept_port() as kept:
        address = kept.getsockname()
        for _ in range(2):
            with socket.socket() as caller, pytest.raises(ConnectionRefusedError):
                caller.connect(address)
            with socket.socket() as stranger, pytest.raises(OSError) as refused:
                stranger.bind(address)
            assert refused.value.errno == errno.EADDRINUSE
            with socket.create_server(address) as server, socket.create_connection(address):
                accepted, _ = server.accept()
                accepted.close()
    assert address[0] == HOST
