"""Who looked at or changed whose data, kept so that nobody can change it unseen. See docs/architecture.md, Audit."""
