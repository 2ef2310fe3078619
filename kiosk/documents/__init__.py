"""Documents as data: what each paper says. How it is set and printed is the device's business."""
