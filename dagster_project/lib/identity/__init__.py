"""Identity in Python: what SQL has no library for. dbt's Python models are thin calls of it."""
