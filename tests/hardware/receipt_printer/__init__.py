"""The receipt printer: layout, bytes, every fault over a real transport, and what came out on paper."""
