-- The same for an array, which may be NULL itself.
CREATE FUNCTION stat_numbers AS (members) ->
    arrayConcat(
        emptyArrayFloat64(),
        arrayMap(member -> stat_number(member), ifNull(members, emptyArrayFloat64()))
    )
