export { ClassSampler } from './class-sampler.js';
export { InstanceSampler } from './instance-sampler.js';
export { TripletSampler } from './triplet-sampler.js';
