import * as tf from '@tensorflow/tfjs';
import { makeBackbone } from '/work/main/src/backbones/index.js';
import { chooseEngine } from '/work/main/src/engine/index.js';
import { loadAddon } from '/work/main/src/engine/torch/addon.js';
import { optimizers } from '/work/main/src/optimizers/index.js';
import { Stream } from '/work/main/src/random/stream.js';
async function main(){
 await chooseEngine({useGpu:false,engine:process.argv[2]});
 const x=tf.ones([2,9,10,3]) as tf.Tensor4D, w=tf.ones([3,3,3,5]) as tf.Tensor4D;
 try { const y=tf.conv2d(x,w,1,2,'NHWC',[3,1]); console.log(y.shape, y.dataSync().slice(0,5), y.dataSync().some(Number.isNaN)); } catch(e){console.log((e as Error).message)}
 const backbone=makeBackbone({name:'SmallResNet',embedding_size:16},{stream:new Stream(0,'s')});
 const trained=backbone.parameters.filter((p)=>p.trainable);
 const opt=optimizers.adam(trained.map(({name,variable})=>({name,variable,weightDecay:1e-4})),{learningRate:1e-3});
 const pics=tf.randomNormal([4,8,8,3],0,1,'float32',1) as tf.Tensor4D;
 for(let i=0;i<=6000;i++){ tf.tidy(()=>{const {grads}=tf.variableGrads(()=>tf.mean(tf.square(backbone.embed(pics,true))) as tf.Scalar); opt.step(trained.map(({variable})=>grads[variable.name]));});
 if(i%1000==0){const m=process.memoryUsage(); console.log(i,(m.rss/2**20).toFixed(0),(m.heapTotal/2**20).toFixed(0),(m.heapUsed/2**20).toFixed(0),(m.external/2**20).toFixed(0), loadAddon().memory());} }
}
void main();
