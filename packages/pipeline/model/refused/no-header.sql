-- refused: MODEL_HEADER_INVALID
SELECT d.device FROM ref('dim_device') AS d
