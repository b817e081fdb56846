"""Measurements: every figure a ratio taken in one run beside a calibration, or a count. See docs/performance.md."""
