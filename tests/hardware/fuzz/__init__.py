"""Bytes from strangers, in great number: what a card, a line, a code or a service sends is read or refused."""
