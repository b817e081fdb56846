"""Django's own SQLite backend, with turns for those who write."""
