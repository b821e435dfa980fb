-- Values that belong to the sorted members of an array, in the order of the array itself; NaN for
-- its NaNs, which sort last. By two sorts: a lookup of each member would copy the array for it.
CREATE FUNCTION stat_in_given_order AS (values_of_sorted, given) ->
    arraySort(
        (value, place) -> place,
        arrayResize(values_of_sorted, length(given), nan),
        arraySort((place, member) -> member, arrayEnumerate(given), given)
    )
