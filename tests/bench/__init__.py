"""The benches that judge, at a size that a test can wait for."""
