"""XFS4IoT: the devices of an ATM maker's kiosk, each behind a WebSocket of the maker's own service."""
