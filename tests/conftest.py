"""The cast is there for every whole-product test; tests of one module import it: `from tests.cast import world`."""

from tests.cast import world  # noqa: F401
