"""Double entry: balanced postings that never change, the audit chain beside them, and the proof of both."""
