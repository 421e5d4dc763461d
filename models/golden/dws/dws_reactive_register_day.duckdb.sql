SELECT CAST(g.k0 AS VARCHAR) AS "device", CAST(g.k1 AS TIMESTAMPTZ) AS "window_start", CAST(g.a0 AS BIGINT) AS "register_start_varh", CAST(g.a1 AS BIGINT) AS "register_end_varh"
FROM (SELECT "r"."device" AS k0, date_trunc('day', "r"."ts") AS k1, min(("r"."reactive_energy_varh" + coalesce("r"."reactive_energy_exported_varh", CAST(0 AS BIGINT)))) AS a0, max(("r"."reactive_energy_varh" + coalesce("r"."reactive_energy_exported_varh", CAST(0 AS BIGINT)))) AS a1
  FROM "dwd_reading" AS "r"
  WHERE ("r"."reactive_energy_varh" IS NOT NULL)
  GROUP BY 1, 2) AS g;
