SELECT CAST("p"."device" AS VARCHAR) AS "device", CAST("p"."gap_end" AS TIMESTAMPTZ) AS "gap_end", CAST("p"."week" AS BIGINT) AS "week", CAST(coalesce("p"."register_first_wh", CAST(0 AS BIGINT)) AS BIGINT) AS "register_first_wh", CAST(coalesce(("p"."register_last_wh" - "p"."register_first_wh"), CAST(0 AS BIGINT)) AS BIGINT) AS "energy_wh"
FROM "dws_vee_profile_week" AS "p"
WHERE (("p"."quarters" = ("p"."intervals" + CAST(1 AS BIGINT))) AND ("p"."register_first_wh" = "p"."register_min_wh") AND ("p"."register_last_wh" = "p"."register_max_wh") AND ("p"."register_last_wh" > "p"."register_first_wh"))
QUALIFY row_number() OVER (PARTITION BY "p"."device", "p"."gap_end" ORDER BY "p"."week") <= 1;
