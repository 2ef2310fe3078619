"""The receipt printer: receipts as data, ESC/POS bytes, transports, status, and a printer to test against."""
