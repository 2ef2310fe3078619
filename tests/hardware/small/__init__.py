"""Presence, cabinet, lights and UPS: files of the kernel, the protocol of upsd, and XFS4IoT."""
