"""The supervisor's pages: what staff see and do at the kiosk itself. They never show anything of a citizen's."""
