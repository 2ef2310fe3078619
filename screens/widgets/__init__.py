"""The parts that screens are put together from: one visual language, measured in millimetres, laid out in one pass."""
