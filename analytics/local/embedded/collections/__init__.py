"""Named collections, which the engine cannot keep."""
