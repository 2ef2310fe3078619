"""The reference central API: ledger, rules, service catalogue and web pages. A centre can run it or replace it."""
