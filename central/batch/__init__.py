"""The day-end batch: interest, re-pricing, instalments and offset agreements, safe to run again after a crash."""
