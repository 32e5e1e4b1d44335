// The race has no worker.
