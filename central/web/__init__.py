"""Web pages for a phone: the business guides, and the check of a paper. No scripts, no cookies."""
