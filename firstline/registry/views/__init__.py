"""The pages of doors: parse, call, render."""
