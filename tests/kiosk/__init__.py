"""Tests of the visit: flows, prompts, journal, operations, documents and the central client."""
