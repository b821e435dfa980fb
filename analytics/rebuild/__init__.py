"""How a materialized view is rebuilt with all that is fed from it, while rows keep coming."""
