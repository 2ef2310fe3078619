"""Ports of loopback for simulated far ends."""

import socket

HOST = "127.0.0.1"


def kept_port() -> socket.socket:
    """A socket bound to a free port, which nobody is given until it is closed, whether anybody listens there or not.

    Without it the port of a far end that plays dead may become the near end of somebody's connection, and it could
    not come back. It may itself listen; another can too that sets SO_REUSEADDR, which all servers do.
    """
    with socket.socket() as finder:
        finder.bind((HOST, 0))
        address = finder.getsockname()
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(address)  # by its number: a port that was chosen by the system is let go by shutdown()
    return kept
