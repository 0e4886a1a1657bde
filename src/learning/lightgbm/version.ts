/** The version of the LightGBM library that the binding is written for. */
export const lightgbmVersion = '4.7.0';
