"""`analytics demo`: a published experiment, sent through the whole pipeline and checked."""
