"""Proof that money moves once: crashes, power cuts, broken lines and broken disks, and the invariants after each."""
