"""PostgreSQL: publications, replication slots, roles, and what the driver's errors mean."""
