/**
 * The load of one household through the day: mean and standard deviation of active power in W for each half hour
 * (UTC) of weekdays (Monday to Friday) and of weekend days.
 *
 * Computed by `node apps/cli/simulate/profile-recipe.ts refit_house2.csv.gz` over 702,720 one-minute values of house 2,
 * 2013-10-01 to 2015-01-31. Source: REFIT Electrical Load Measurements; D. Murray, L. Stankovic, V. Stankovic, "An
 * electrical load measurements dataset of United Kingdom households from a two-year longitudinal study", Scientific
 * Data 4, 160122 (2017), CC BY 4.0; resampled to one minute. Rounded to 1 W.
 */
export interface DayProfile {
  meanW: readonly number[];
  deviationW: readonly number[];
}

export const WEEKDAY: DayProfile = {
  meanW: [
    168, 140, 136, 128, 124, 117, 115, 115, 115, 114, 115, 142, 217, 256, 574, 574, 544, 551, 346, 266, 228,
    234, 234, 233, 254, 265, 313, 307, 294, 289, 278, 387, 488, 558, 531, 390, 414, 450, 484, 494, 475, 433,
    366, 308, 274, 241, 215, 195,
  ],
  deviationW: [
    359, 288, 266, 240, 217, 178, 173, 175, 197, 178, 177, 419, 494, 656, 1317, 1315, 1229, 1312, 841, 631,
    525, 567, 517, 530, 574, 563, 672, 620, 623, 611, 540, 729, 834, 956, 940, 743, 805, 753, 784, 812, 809,
    728, 654, 574, 553, 507, 449, 420,
  ],
};

export const WEEKEND: DayProfile = {
  meanW: [
    157, 145, 150, 152, 140, 129, 118, 112, 110, 109, 109, 111, 189, 218, 379, 468, 578, 562, 433, 453, 351,
    318, 311, 309, 321, 324, 284, 308, 274, 276, 345, 390, 463, 433, 529, 478, 431, 410, 424, 489, 537, 504,
    446, 411, 349, 263, 202, 205,
  ],
  deviationW: [
    300, 306, 311, 317, 293, 211, 146, 121, 108, 106, 105, 141, 412, 494, 956, 1083, 1285, 1293, 1054, 1045,
    787, 739, 677, 702, 770, 765, 669, 651, 578, 581, 687, 755, 816, 834, 962, 928, 815, 753, 791, 906, 1069,
    1009, 888, 870, 738, 593, 466, 501,
  ],
};
