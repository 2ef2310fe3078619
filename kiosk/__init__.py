"""A citizen's visit: flows, prompts, journal, operations, documents and the central client. No Kivy, no driver."""
