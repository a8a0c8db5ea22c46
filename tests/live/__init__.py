"""Tests of the whole system on real servers; a package, so that what runs for them ends with them."""
