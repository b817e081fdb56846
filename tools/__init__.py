"""What a developer's machine, CI and the wheel need around the product: nothing here is imported by `firstline`."""
