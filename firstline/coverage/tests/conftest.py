from tests.cast import world  # noqa: F401
