export { classOf, fitClasses, type Classes, type ClassOptions, type ClassStrategy } from './fitClasses.js';
export { kMeans, type KMeans, type KMeansOptions, type KMeansPoints } from './kMeans.js';
