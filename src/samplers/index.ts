export { TripletSampler } from './triplet-sampler.js';
